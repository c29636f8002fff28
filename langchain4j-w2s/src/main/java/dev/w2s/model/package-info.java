// SPDX-License-Identifier: Apache-2.0
/**
 * One small model in-process: a Hugging Face directory is read, validated and run by DJL's PyTorch
 * engine, without Python.
 *
 * <p>{@link dev.w2s.model.CausalModel} is the way in. Nothing here knows of search or guidance.
 */
@NullMarked
package dev.w2s.model;

import org.jspecify.annotations.NullMarked;
