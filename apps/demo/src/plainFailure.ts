import type { ErrorRequestHandler } from 'express'

/** Last of all: Express' own page would show a stack, with paths of this machine, to whoever asked. */
export const plainFailure: ErrorRequestHandler = (error: { status?: unknown }, _request, response, _next) => {
  if (response.headersSent) return void response.destroy()
  const isTheirs = typeof error.status === 'number' && error.status >= 400 && error.status < 500
  const [status, text] = isTheirs ? [404, 'There is nothing at this address.'] : [500, 'Something went wrong in the demo.']
  response.status(status).json({ success: false, error: text, code: isTheirs ? 'NOT_FOUND' : 'INTERNAL', retryable: !isTheirs })
}
