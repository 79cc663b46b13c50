import type { RequestHandler } from 'express'
import type { ActionRoute } from './actions/ActionRoute.js'
import type { BackgroundTask } from './background/BackgroundTask.js'
import type { TimelineSource } from './timeline/Timeline.js'

/** Actions, reads and background work of one domain. The engine runs it and knows nothing of what it is about. */
export interface Module {
  /** As in `MODULES`, and as the first word of its migrations' names. */
  readonly name: string
  readonly actions?: readonly ActionRoute[]
  /** Reached without a token, for whoever signs in another way (a webhook). */
  readonly publicRoutes?: readonly RequestHandler[]
  /** Reached with a token. */
  readonly routes?: readonly RequestHandler[]
  /** Which of the reads that the contracts describe they answer: paths, parameters in braces. */
  readonly reads?: readonly string[]
  /** What it knows of clicks and rows, for whoever looks into one. */
  readonly timeline?: TimelineSource
  readonly tasks?: readonly BackgroundTask[]
  /** What is deleted after its time: a name for the log, and the function of schema `sync` that deletes one batch. */
  readonly retention?: Readonly<Record<string, string>>
  /** Resolves when nothing of it is under way any more. Called once its tasks were stopped. */
  readonly drained?: () => Promise<void>
}
