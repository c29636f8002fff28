// SPDX-License-Identifier: Apache-2.0
/** Who may ask, and how many at a time. */
@NullMarked
package dev.w2s.gateway.admission;

import org.jspecify.annotations.NullMarked;
