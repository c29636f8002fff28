// SPDX-License-Identifier: Apache-2.0
/**
 * Not API: the facts of the model families, how they are read from {@code config.json}, and which
 * stored tensors make up which weight.
 */
@NullMarked
package dev.w2s.model.family;

import org.jspecify.annotations.NullMarked;
