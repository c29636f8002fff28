// SPDX-License-Identifier: Apache-2.0
/** What keeps a search from harm where its scores are wrong. */
@NullMarked
package dev.w2s.search.guard;

import org.jspecify.annotations.NullMarked;
