// A chunk of its own: a page has its buttons' actions, and these once a stored click of another page asks.
export { ACTIONS } from '@org/contracts/client'
