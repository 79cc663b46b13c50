export { type AnnouncementLog, createAnnouncementLog } from './announcementLog.js'
export { createFakeSyncClient, type FakeSubmission, type FakeSyncClient, type FakeSyncClientOptions } from './createFakeSyncClient.js'
export { createScenarioStage, isHeard, type ScenarioStage, type ScenarioStageOptions, type TimelineEntry } from './createScenarioStage.js'
export { heardInOrder } from './heardInOrder.js'
export type { Refusal } from './Outcomes.js'
export type { PhaseSetting } from './PhaseSetting.js'
export { playScenario, playStep, type Scenario, type ScenarioStep, toBeHeard } from './Scenario.js'
export {
  answerGetsLost,
  clicks,
  comesBackOnline,
  goesOffline,
  inOneGo,
  reloadsThePage,
  requestGetsLost,
  serverAnswers,
  serverIsSlow,
  serverRefuses,
  signsInAgain,
  someoneElseWrites,
  timePasses,
  tokenExpires,
  twilioIsDown,
} from './scenarioSteps.js'
