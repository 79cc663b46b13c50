// What a durable queue needs without views, realtime or a user: the part its size budget speaks of.
export { openIdbKeyvalStorage } from '../dist/adapters/idbKeyvalStorage.js'
export { Dispatcher } from '../dist/dispatch/Dispatcher.js'
export { createMutation } from '../dist/mutation/createMutation.js'
export { enqueue } from '../dist/queue/enqueue.js'
export { OfflineQueue } from '../dist/queue/OfflineQueue.js'
