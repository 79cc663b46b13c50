import { Icon } from '../icons/Icon.js'
import { LEAD_COLUMNS, type LeadColumn, type LeadOrder, orderedBy } from './leadOrder.js'

interface Props {
  order: LeadOrder
  onOrder: (order: LeadOrder) => void
  count: number
  selectedCount: number
  onSelectAll: (selected: boolean) => void
}

const LABELS = new Map(LEAD_COLUMNS.map(({ by, label }) => [by, label]))

/** The head of the leads: the box that selects them all, and a button in each column that puts them in its order. */
export function LeadTableHead({ order, onOrder, count, selectedCount, onSelectAll }: Props) {
  const all = count > 0 && selectedCount === count
  const column = (by: LeadColumn) => (
    <th scope="col" className={`lead-${by}`} aria-sort={order.by === by ? (order.descending ? 'descending' : 'ascending') : undefined}>
      <button type="button" className="lead-sort" onClick={() => onOrder(orderedBy(by, order))}>
        {LABELS.get(by)}
        {order.by === by && <Icon name={order.descending ? 'down' : 'up'} />}
      </button>
    </th>
  )
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" className="lead-check">
          <label>
            <input
              type="checkbox"
              checked={all}
              ref={(box) => {
                if (box) box.indeterminate = !all && selectedCount > 0
              }}
              onChange={(event) => onSelectAll(event.target.checked)}
            />
            <span className="lead-select-all">Select all {count.toLocaleString()}</span>
          </label>
        </th>
        {column('name')}
        <th scope="col" className="lead-phone">
          Phone
        </th>
        {column('status')}
        {column('changed')}
      </tr>
    </thead>
  )
}
