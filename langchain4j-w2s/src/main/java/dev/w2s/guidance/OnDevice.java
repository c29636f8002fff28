// SPDX-License-Identifier: Apache-2.0
package dev.w2s.guidance;

import dev.w2s.search.CandidateScorer;

/**
 * A scorer whose work is done on a device, so that another one may work on another device
 * meanwhile. It may be called from any thread, by one at a time.
 */
interface OnDevice extends CandidateScorer {

  /** Names the device, or several; empty where the work is not done in this process. */
  String device();
}
