import { configureCriticalButtons } from '@org/critical-buttons'
import { dealApprove } from '../shared/dealApprove.js'

export function startButtons(): void {
  configureCriticalButtons({ apiUrl: `${location.origin}/critical`, actions: [dealApprove] })
}
