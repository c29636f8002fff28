// SPDX-License-Identifier: Apache-2.0
/**
 * Not API: models of a Hugging Face hub, downloaded into the cache that Hugging Face's own tools
 * keep. What a hub says is not trusted, neither names nor sizes nor contents.
 */
@NullMarked
package dev.w2s.model.hub;

import org.jspecify.annotations.NullMarked;
