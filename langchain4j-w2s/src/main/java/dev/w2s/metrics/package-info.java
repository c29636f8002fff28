// SPDX-License-Identifier: Apache-2.0
/** Meters of searches for Micrometer, which an application that uses this brings. */
@NullMarked
package dev.w2s.metrics;

import org.jspecify.annotations.NullMarked;
