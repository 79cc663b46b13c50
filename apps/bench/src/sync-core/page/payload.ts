/** About 200 bytes of JSON, different for each index. */
export function payload(index: number): { leadId: string; note: string } {
  return { leadId: `lead-${index}`, note: `Visit number ${index}. ${'Called, left a message, will try again tomorrow. '.repeat(3)}` }
}
