/** What a LeadStatusButton leaves in the document at rest, without anything behind it. */
export function PlainChip({ status, onClick }: { status: string; onClick?: () => void }) {
  return (
    <span className="cb-root" data-part="root">
      <button
        type="button"
        className="cb-button"
        data-component="LeadStatusButton"
        data-part="button"
        data-look="chip"
        data-state="idle"
        data-status={status}
        data-variant="default"
        aria-haspopup="menu"
        aria-expanded={false}
        onClick={onClick}
      >
        <span className="cb-label" data-part="label">
          {status}
        </span>
      </button>
    </span>
  )
}
