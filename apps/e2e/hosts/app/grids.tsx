import { Cell, Column, GridList, GridListItem, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import type { HostProps } from './Host.js'

export function NativeRow({ confirm, status, hear }: HostProps) {
  return (
    <table>
      <tbody>
        <tr
          tabIndex={0}
          onClick={() => hear('opened')}
          onDoubleClick={() => hear('opened')}
          onPointerDown={() => hear('picked up')}
          onKeyDown={({ key }) => (key === 'Enter' || key === ' ') && hear('opened')}
        >
          <td>{confirm}</td>
          <td>{status}</td>
        </tr>
      </tbody>
    </table>
  )
}

export function AriaTable({ confirm, status, hear }: HostProps) {
  return (
    <Table aria-label="Host" selectionMode="multiple" onRowAction={() => hear('opened')} onSelectionChange={() => hear('selected')}>
      <TableHeader>
        <Column isRowHeader>Name</Column>
        <Column>Booking</Column>
        <Column>Status</Column>
      </TableHeader>
      <TableBody>
        <Row id="one">
          <Cell>Anna Kim</Cell>
          <Cell>{confirm}</Cell>
          <Cell>{status}</Cell>
        </Row>
      </TableBody>
    </Table>
  )
}

export function AriaGridList({ confirm, status, hear }: HostProps) {
  return (
    <GridList aria-label="Host" selectionMode="multiple" onAction={() => hear('opened')} onSelectionChange={() => hear('selected')}>
      <GridListItem id="one" textValue="Anna Kim">
        {confirm} {status}
      </GridListItem>
    </GridList>
  )
}
