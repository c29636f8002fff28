// SPDX-License-Identifier: Apache-2.0
/**
 * Adapters as they lie on disk: what {@code adapter_config.json} says, and which tensors change
 * which weights. Everything is checked before a model is touched.
 */
@NullMarked
package dev.w2s.model.adapter;

import org.jspecify.annotations.NullMarked;
