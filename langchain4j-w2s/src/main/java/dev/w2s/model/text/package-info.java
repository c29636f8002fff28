// SPDX-License-Identifier: Apache-2.0
/** Not API, but for {@link dev.w2s.model.text.ModelTokenizer}: tokens and texts. */
@NullMarked
package dev.w2s.model.text;

import org.jspecify.annotations.NullMarked;
