// SPDX-License-Identifier: Apache-2.0
/** How a model is shown a prompt. Plain Java; knows no model. */
@NullMarked
package dev.w2s.prompt;

import org.jspecify.annotations.NullMarked;
