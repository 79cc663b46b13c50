const PATHS = {
  calendar:
    'M6 2.5v3M14 2.5v3M3 8h14M4.5 4.5h11A1.5 1.5 0 0 1 17 6v9.5a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15.5V6a1.5 1.5 0 0 1 1.5-1.5Z',
  people:
    'M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c0-2.8 2.4-4.5 5.5-4.5s5.5 1.7 5.5 4.5M13 9.3a2.6 2.6 0 1 0-.8-5M14.5 12.2c2.1.4 3.5 1.8 3.5 4.3',
  close: 'm5 5 10 10M15 5 5 15',
  back: 'M12 4.5 6.5 10l5.5 5.5',
  bolt: 'M11 2.5 4.5 11.5H10l-1 6 6.5-9H10l1-6Z',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4l2.5 1.5',
  layers: 'M10 2.5 2.5 6.5 10 10.5l7.5-4L10 2.5ZM3 10l7 3.7L17 10M3 13.5l7 3.7 7-3.7',
  loop: 'M16.5 10a6.5 6.5 0 0 1-11.6 4M3.5 10A6.5 6.5 0 0 1 15 6M15.5 2.5V6H12M4.5 17.5V14H8',
  live: 'M10 11.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4ZM6.8 13.2a4.5 4.5 0 0 1 0-6.4M13.2 6.8a4.5 4.5 0 0 1 0 6.4M4.3 15.7a8 8 0 0 1 0-11.4M15.7 4.3a8 8 0 0 1 0 11.4',
  notLive: 'M6.8 13.2a4.5 4.5 0 0 1-.9-5M13.2 6.8a4.5 4.5 0 0 1 .9 5M4.3 15.7a8 8 0 0 1-1-10M15.7 4.3a8 8 0 0 1 1 10M3.5 3.5l13 13',
  phone: 'M4 3.5h2.6l1.2 3.2-1.7 1.2a9 9 0 0 0 6 6l1.2-1.7 3.2 1.2V16a1.5 1.5 0 0 1-1.6 1.5C9 17.1 2.9 11 2.5 5.1A1.5 1.5 0 0 1 4 3.5Z',
  up: 'M10 16V4.5M5 9.5l5-5 5 5',
  down: 'M10 4v11.5M5 10.5l5 5 5-5',
  warning: 'M10 3 1.8 17h16.4L10 3ZM10 8v4M10 14.6v.1',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12ZM13.5 13.5 17 17',
} as const

export type IconName = keyof typeof PATHS

/** A decorative line icon; the text beside it says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
