// SPDX-License-Identifier: Apache-2.0
/** Searches by the thousand over every kind of model, and what they leave in memory. */
@NullMarked
package dev.w2s.soak;

import org.jspecify.annotations.NullMarked;
