import type { StoragePromise } from '../promise.js';
import { aBatchAnswersInOrder } from './a-batch-answers-in-order.js';
import { aClosedUserStaysClosed } from './a-closed-user-stays-closed.js';
import { aDeliveryIsSentAgain } from './a-delivery-is-sent-again.js';
import { aDigestNamesOneKey } from './a-digest-names-one-key.js';
import { aDisabledEndpointsDeliveriesWait } from './a-disabled-endpoints-deliveries-wait.js';
import { aDocumentChangesOnceAVersion } from './a-document-changes-once-a-version.js';
import { aDocumentHasAForm } from './a-document-has-a-form.js';
import { aDocumentIsDeletedOnceAVersion } from './a-document-is-deleted-once-a-version.js';
import { aDuplicateInABatchIsAppliedOnce } from './a-duplicate-in-a-batch-is-applied-once.js';
import { aFailureSparesItsNeighbours } from './a-failure-spares-its-neighbours.js';
import { aPendingTransferIsResolvedOnce } from './a-pending-transfer-is-resolved-once.js';
import { aReissueIdReplays } from './a-reissue-id-replays.js';
import { aResultNeedsItsLease } from './a-result-needs-its-lease.js';
import { aSwitchHoldsAtOnce } from './a-switch-holds-at-once.js';
import { aWithdrawalChangesOnceAVersion } from './a-withdrawal-changes-once-a-version.js';
import { aWithdrawalOpensWithItsReservation } from './a-withdrawal-opens-with-its-reservation.js';
import { aWithdrawalsVersionsAreKept } from './a-withdrawals-versions-are-kept.js';
import { accountsAreListed } from './accounts-are-listed.js';
import { anAddressIsOpenedOnce } from './an-address-is-opened-once.js';
import { anAnsweredWriteSurvivesAReopen } from './an-answered-write-survives-a-reopen.js';
import { anEndpointChangesOnceAVersion } from './an-endpoint-changes-once-a-version.js';
import { anEndpointIsDeletedWithItsDeliveries } from './an-endpoint-is-deleted-with-its-deliveries.js';
import { anEventIsDispatchedOnce } from './an-event-is-dispatched-once.js';
import { anExpiredDocumentIsNowhere } from './an-expired-document-is-nowhere.js';
import { anExpiredPendingTransferCannotBePosted } from './an-expired-pending-transfer-cannot-be-posted.js';
import { anIdHasOneOutcome } from './an-id-has-one-outcome.js';
import { anotherBusinessIsUnknown } from './another-business-is-unknown.js';
import { batchesHappenOneAfterTheOther } from './batches-happen-one-after-the-other.js';
import { conditionsAreCheckedUnderTheLock } from './conditions-are-checked-under-the-lock.js';
import { contentIsComparedWhole } from './content-is-compared-whole.js';
import { currencyIsOne } from './currency-is-one.js';
import { deliveriesKeepTheOrderOfASubject } from './deliveries-keep-the-order-of-a-subject.js';
import { deliveriesPageByTime } from './deliveries-page-by-time.js';
import { destinationsAreForgotten } from './destinations-are-forgotten.js';
import { dueDeliveriesAreTakenOnce } from './due-deliveries-are-taken-once.js';
import { dueWithdrawalsComeByStoragesClock } from './due-withdrawals-come-by-storages-clock.js';
import { eventsAreWrittenInTheSameStep } from './events-are-written-in-the-same-step.js';
import { eventsPageByTime } from './events-page-by-time.js';
import { expiredTransfersAreListed } from './expired-transfers-are-listed.js';
import { historyPagesSkipNothing } from './history-pages-skip-nothing.js';
import { keysRotateOnce } from './keys-rotate-once.js';
import { knownIdsComeBeforeConditions } from './known-ids-come-before-conditions.js';
import { lastUseMovesForward } from './last-use-moves-forward.js';
import { limitsAreCheckedUnderTheLock } from './limits-are-checked-under-the-lock.js';
import { linkedGroupsApplyWholly } from './linked-groups-apply-wholly.js';
import { listsPageById } from './lists-page-by-id.js';
import { lookUpsFindEveryState } from './look-ups-find-every-state.js';
import { noAccountIsOverdrawn } from './no-account-is-overdrawn.js';
import { openingAndCreditingIsOneStep } from './opening-and-crediting-is-one-step.js';
import { pagesAreBounded } from './pages-are-bounded.js';
import { pendingMoneyIsNotAvailable } from './pending-money-is-not-available.js';
import { readsConserve } from './reads-conserve.js';
import { recordsCannotBeChangedByTheCaller } from './records-cannot-be-changed-by-the-caller.js';
import { reissueNeedsTheGeneration } from './reissue-needs-the-generation.js';
import { revocationHoldsAtOnce } from './revocation-holds-at-once.js';
import { secretsInUseAreListed } from './secrets-in-use-are-listed.js';
import { sumsAreBounded } from './sums-are-bounded.js';
import { theAuditLogIsAChain } from './the-audit-log-is-a-chain.js';
import { theAuditLogPagesBySequence } from './the-audit-log-pages-by-sequence.js';
import { undispatchedEventsComeOldestFirst } from './undispatched-events-come-oldest-first.js';
import { usageAddsUp } from './usage-adds-up.js';
import { withdrawalsPageBySequence } from './withdrawals-page-by-sequence.js';

/**
 * All that a storage promises. For other test runners than Vitest; with Vitest, call `testStorage`.
 *
 * @example
 * import { checkBehaviour, reasonToSkip, storagePromises } from '@bursar/storage-testkit/promises';
 * import { test } from 'node:test';
 *
 * for (const promise of storagePromises)
 *   for (const behaviour of promise.behaviours)
 *     test(`${promise.name}: ${behaviour.name}`, { skip: reasonToSkip(subject, behaviour) ?? false }, () =>
 *       checkBehaviour(subject, behaviour));
 */
export const storagePromises: readonly StoragePromise[] = [
  anIdHasOneOutcome,
  contentIsComparedWhole,
  aDuplicateInABatchIsAppliedOnce,
  aBatchAnswersInOrder,
  aFailureSparesItsNeighbours,
  batchesHappenOneAfterTheOther,
  noAccountIsOverdrawn,
  openingAndCreditingIsOneStep,
  knownIdsComeBeforeConditions,
  conditionsAreCheckedUnderTheLock,
  currencyIsOne,
  sumsAreBounded,
  pendingMoneyIsNotAvailable,
  aPendingTransferIsResolvedOnce,
  anExpiredPendingTransferCannotBePosted,
  linkedGroupsApplyWholly,
  historyPagesSkipNothing,
  readsConserve,
  expiredTransfersAreListed,
  accountsAreListed,
  aWithdrawalOpensWithItsReservation,
  aWithdrawalChangesOnceAVersion,
  aWithdrawalsVersionsAreKept,
  limitsAreCheckedUnderTheLock,
  withdrawalsPageBySequence,
  dueWithdrawalsComeByStoragesClock,
  destinationsAreForgotten,
  eventsAreWrittenInTheSameStep,
  eventsPageByTime,
  undispatchedEventsComeOldestFirst,
  anEventIsDispatchedOnce,
  dueDeliveriesAreTakenOnce,
  deliveriesKeepTheOrderOfASubject,
  aDisabledEndpointsDeliveriesWait,
  anEndpointIsDeletedWithItsDeliveries,
  aResultNeedsItsLease,
  aDeliveryIsSentAgain,
  deliveriesPageByTime,
  anEndpointChangesOnceAVersion,
  theAuditLogIsAChain,
  theAuditLogPagesBySequence,
  usageAddsUp,
  aDocumentChangesOnceAVersion,
  aDocumentIsDeletedOnceAVersion,
  anExpiredDocumentIsNowhere,
  aDocumentHasAForm,
  anotherBusinessIsUnknown,
  lookUpsFindEveryState,
  anAddressIsOpenedOnce,
  aDigestNamesOneKey,
  keysRotateOnce,
  revocationHoldsAtOnce,
  lastUseMovesForward,
  aSwitchHoldsAtOnce,
  aClosedUserStaysClosed,
  reissueNeedsTheGeneration,
  aReissueIdReplays,
  secretsInUseAreListed,
  listsPageById,
  pagesAreBounded,
  recordsCannotBeChangedByTheCaller,
  anAnsweredWriteSurvivesAReopen,
];
