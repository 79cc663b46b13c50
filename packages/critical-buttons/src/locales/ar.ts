import { createFormatter } from '../messages/format.js'
import type { Words } from '../messages/Messages.js'
import { createTimeFormat } from '../messages/timeFormat.js'
import { arabicErrors } from './arErrors.js'
import type { Catalogue } from './Catalogue.js'

const format = createFormatter('ar')
const { number, plural } = format
const to = ({ subject }: Words) => (subject ? ` إلى ${subject}` : '')
const leads = ({ count = 0 }: Words) =>
  plural(count, {
    one: 'عميل واحد',
    two: 'عميلان',
    few: `${number(count)} عملاء`,
    many: `${number(count)} عميلاً`,
    other: `${number(count)} عميل`,
  })
const changed = ({ count = 0, unchanged = 0 }: Words) => ({ count: count - unchanged })
const rest = ({ unchanged = 0 }: Words) => (unchanged > 0 ? `، وبقي ${number(unchanged)} دون تغيير` : '')

/** Arabic: right to left, and six plural forms. */
export const arabic: Catalogue = {
  locale: 'ar',
  actions: {
    'booking.confirm': {
      label: () => 'تأكيد الحجز',
      done: () => 'تم التأكيد',
      pending: () => 'جارٍ تأكيد الحجز',
      stillPending: () => 'ما زال التأكيد جارياً',
      queued: () => 'سيتم تأكيد الحجز عند عودة الاتصال',
      success: () => 'تم تأكيد الحجز',
      failed: () => 'لم يتم تأكيد الحجز',
      record: () => 'الحجز',
      confirmTitle: () => 'هل تريد تأكيد هذا الحجز؟',
      confirmMessage: () => 'سيتم وضع علامة مؤكد على الموعد.',
      confirmLabel: () => 'تأكيد الحجز',
    },
    'sms.send': {
      label: () => 'إرسال رسالة',
      done: () => 'تم الإرسال',
      pending: (words) => `جارٍ إرسال الرسالة${to(words)}`,
      stillPending: () => 'ما زال الإرسال جارياً',
      checking: () => `جارٍ التحقق من إرسالها؛ قد يستغرق ذلك حتى ${number(5)} دقائق`,
      queued: () => 'سيتم إرسال الرسالة عند عودة الاتصال',
      success: (words) => `تم إرسال الرسالة${to(words)}`,
      failed: () => 'لم يتم إرسال الرسالة',
      problem: ({ field, kind, limit, size }) => {
        if (field !== 'message' || kind === 'invalid') return undefined
        if (kind === 'missing') return 'اكتب رسالة أولاً'
        return `تتسع الرسالة لـ${number(limit)} حرف على الأكثر، وفي هذه ${number(size)}`
      },
      record: () => 'العميل',
      confirmTitle: () => 'هل تريد إرسال هذه الرسالة؟',
      confirmMessage: () => 'ستُرسل الرسالة فوراً ولا يمكن استرجاعها.',
      confirmLabel: () => 'إرسال الرسالة',
    },
    'lead.updateStatus': {
      label: ({ status = '' }) => status,
      done: ({ status = '' }) => status,
      overrule: ({ status }) => `تغيير إلى «${status}» رغم ذلك`,
      pending: ({ status }) => `جارٍ تغيير الحالة إلى ${status}`,
      stillPending: () => 'ما زال الحفظ جارياً',
      queued: () => 'سيتم تغيير الحالة عند عودة الاتصال',
      success: ({ status }) => `تم تغيير الحالة إلى ${status}`,
      failed: () => 'لم يتم تغيير الحالة',
      record: () => 'العميل',
      confirmTitle: ({ status }) => `هل تريد تغيير الحالة إلى «${status}»؟`,
      confirmMessage: ({ status, isFinal }) => (isFinal ? 'هذا نهائي.' : `سينتقل العميل إلى «${status}».`),
      confirmLabel: ({ status }) => `تغيير إلى «${status}»`,
    },
    'lead.bulkUpdateStatus': {
      label: (words) => `تغيير ${leads(words)} إلى «${words.status}»`,
      done: (words) => `تم تحديث ${leads(changed(words))}${rest(words)}`,
      pending: (words) => `جارٍ تحديث ${leads(words)}`,
      stillPending: () => 'ما زال التحديث جارياً',
      queued: (words) => `سيتم تحديث ${leads(words)} عند عودة الاتصال`,
      success: (words) => `تم تغيير ${leads(changed(words))} إلى ${words.status}${rest(words)}`,
      failed: () => 'لم يتم التحديث',
      record: () => 'أحد العملاء',
      confirmTitle: (words) => `هل تريد تغيير ${leads(words)} إلى «${words.status}»؟`,
      confirmMessage: ({ status, isFinal }) => (isFinal ? 'هذا نهائي.' : `سينتقلون جميعاً إلى «${status}».`),
      confirmLabel: (words) => `تغيير ${leads(words)}`,
    },
  },
  errors: arabicErrors,
  problem: ({ field, kind, limit, size }) =>
    kind === 'too-long'
      ? `يتسع «${field}» لـ${number(limit)} على الأكثر، وفيه ${number(size)}. لم يُرسل شيء`
      : `«${field}» ${kind === 'missing' ? 'مفقود' : 'غير صالح'}، لذلك لم يُرسل شيء`,
  statuses: {
    new: 'جديد',
    contacted: 'تم التواصل',
    qualified: 'مؤهل',
    proposal_sent: 'أُرسل العرض',
    negotiating: 'قيد التفاوض',
    won: 'تم الفوز',
    lost: 'مفقود',
  },
  smsStatuses: {
    pending: 'في انتظار الإرسال',
    sent: 'أُرسلت',
    delivered: 'وصلت',
    undelivered: 'لم تصل',
    failed: 'فشلت',
    indeterminate: 'جارٍ التحقق من إرسالها',
    expired: 'انتهت صلاحيتها',
    cancelled: 'أُلغيت',
  },
  attempt: (attempt, maxAttempts) => `المحاولة ${number(attempt)} من ${number(maxAttempts)}`,
  offline: 'أنت غير متصل',
  waiting: 'في انتظار الإرسال',
  identity: {
    loading: 'لحظة، يجري التحقق ممن سجّل الدخول',
    'signed-out': 'لم تسجّل الدخول',
    'token-unavailable': 'لا يُعرف الآن هل سجّلتَ الدخول',
    'token-refused': 'لم تسجّل الدخول، أو انتهت جلستك',
    'api-unreachable': 'لا يمكن الوصول إلى الخادم الآن',
    'api-misconfigured': 'يجيب شيء آخر مكان الخادم',
    'actor-differs': 'ربما سجّل شخص آخر الدخول هنا الآن',
  },
  sentWhenKnown: 'سيُرسَل فور معرفة ذلك',
  signIn: 'سيُرسَل فور تسجيل دخولك مجددًا',
  tryingAgainIn: (ms) => `محاولة أخرى بعد حوالي ${format.duration(ms)}`,
  busy: 'الخدمة مشغولة',
  checking: 'جارٍ التحقق من وصولها',
  mayBeDone: 'ربما تم ذلك بالفعل',
  settledOnReconnect: 'سيتضح ذلك عند عودة الاتصال',
  noAnswer: 'لم يجب الخادم عن ذلك بعد، وسيُسأل مرة أخرى تلقائياً',
  unreadable: 'تم، لكن تعذّرت قراءة تفاصيل الإجابة',
  conflict: (record, by) => `لم يُحفظ. ${record} غيّره ${by ?? 'شخص آخر'}`,
  reviewChange: 'راجع التغيير',
  conflictNow: (value) => `الحالة الآن ${value}`,
  conflictValues: (wanted, by, now) => `لم يُحفظ. أردتَ ${wanted}. ${by ?? 'شخص آخر'} اختار ${now}`,
  changedTo: (value, by) => `${by ?? 'شخص آخر'} غيّره إلى ${value}`,
  memoryOnly: 'غير محفوظة على هذا الجهاز: إغلاق هذه الصفحة يفقدها',
  cancelUnreachable: 'تعذّر سؤال الخادم، لذلك لم يُلغَ',
  cancelInPart: 'تعذّر سؤال الخادم عن كل ذلك، لذلك يستمر جزء منه',
  cancelTooLate: 'فات الأوان: لقد تم بالفعل',
  cancelTaken: 'تولاه الخادم، وسيوقفه إن كان ذلك ممكنًا بعد',
  cancelEnded: 'انتهى قبل أن يمكن إلغاؤه',
  cancelled: 'أُلغي',
  unknown: 'النتيجة غير معروفة. راجع السجل قبل المحاولة مرة أخرى',
  bulkProgress: (processed, total, failed) =>
    `تم تحديث ${number(processed - failed)} من ${number(total)}${failed > 0 ? `، وفشل ${number(failed)}` : ''}`,
  partial: (updated, failed, unchanged, cancelled = 0) =>
    [
      `تم تحديث ${number(updated)}${rest({ unchanged })}`,
      (failed > 0 || cancelled === 0) && `وفشل ${number(failed)}`,
      cancelled > 0 && `وأُلغي ${number(cancelled)} في الوقت المناسب`,
    ]
      .filter(Boolean)
      .join('، '),
  more: (count) => `و${number(count)} أخرى`,
  tryAgainAvailable: 'يمكنك المحاولة مرة أخرى',
  repeated: 'أُرسلت قبل قليل، لذلك لم تُرسل مرتين',
  repeatedOf: (by) => `أرسلها ${by} قبل قليل، لذلك لم تُرسل مرتين`,
  changedWhileOpen: 'تغيّر هذا أثناء اتخاذك القرار. يرجى التأكيد مرة أخرى',
  chooseStatus: (subject) => (subject ? `حالة ${subject}` : 'الحالة'),
  buttons: {
    tryAgain: 'حاول مرة أخرى',
    tryNow: 'حاول الآن',
    checkAgain: 'تحقق مرة أخرى',
    retryFailed: (count) => `إعادة المحاولة للفاشلة (${number(count)})`,
    sendAgain: 'أرسل مرة أخرى',
    dismiss: 'إخفاء',
    reviewed: 'اطلعت على التغيير',
    undo: 'تراجع',
    cancel: 'إلغاء',
    back: 'إلغاء',
  },
  indicator: {
    offline: (pending) => (pending === 0 ? 'غير متصل' : `غير متصل، ${number(pending)} في الانتظار`),
    sending: (pending) => `جارٍ إرسال ${number(pending)}`,
    waitingForSignIn: (pending) => `${number(pending)} في انتظار تسجيل الدخول`,
    waitingForServer: (pending) => `${number(pending)} في انتظار الخادم`,
    attention: (count) => `${number(count)} بحاجة إلى انتباهك`,
    backOnline: 'عاد الاتصال',
    allSent: 'أُرسل كل شيء',
    syncNow: 'أرسل الآن',
  },
  history: {
    time: createTimeFormat('ar'),
    title: 'سجل الرسائل',
    empty: 'لا توجد رسائل',
    loading: 'جارٍ تحميل السجل',
    failed: 'تعذّر تحميل السجل',
  },
}
