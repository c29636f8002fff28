// SPDX-License-Identifier: Apache-2.0
/** From options and environment to models. */
@NullMarked
package dev.w2s.console.setup;

import org.jspecify.annotations.NullMarked;
