export { type AnnouncementLog, createAnnouncementLog } from './announcementLog.js'
export { createFakeSyncClient, type FakeSyncClient, type FakeSyncClientOptions } from './createFakeSyncClient.js'
export { createScenarioStage, isHeard, type ScenarioStage, type ScenarioStageOptions, type TimelineEntry } from './createScenarioStage.js'
export { driveToPhase, type PhaseSetting, phaseFields } from './driveToPhase.js'
export type { FakeSubmission } from './FakeQueue.js'
export type { FakeRealtime } from './FakeRealtime.js'
export { heardInOrder } from './heardInOrder.js'
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
