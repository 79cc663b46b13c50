import { useEffect, useState } from 'react'
import './loadingRows.css'

/** After this a person wonders whether anything goes on at all. Milliseconds. */
const LONG_MS = 5_000
const ROWS = { cards: ['a', 'b', 'c', 'd', 'e'], table: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] }

/** Grey shapes where the rows will be, of their size; says so when it takes long. */
export function LoadingRows({ what, shape }: { what: string; shape: keyof typeof ROWS }) {
  const [isLong, setIsLong] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), LONG_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      <p role="status" className={isLong ? 'loading-long soft small' : 'unseen'}>
        {isLong ? `Still loading the ${what} …` : `Loading the ${what}`}
      </p>
      <div className="loading-rows" data-shape={shape} aria-hidden="true">
        {ROWS[shape].map((key) => (
          <div key={key} className="loading-row">
            <span className="loading-mark" />
            <span className="loading-text" />
            <span className="loading-button" />
          </div>
        ))}
      </div>
    </>
  )
}
