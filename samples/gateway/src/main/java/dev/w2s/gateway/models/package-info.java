// SPDX-License-Identifier: Apache-2.0
/** Which models there are, and what stands behind them. */
@NullMarked
package dev.w2s.gateway.models;

import org.jspecify.annotations.NullMarked;
