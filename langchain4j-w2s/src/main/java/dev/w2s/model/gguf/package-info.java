// SPDX-License-Identifier: Apache-2.0
/**
 * Not API: GGUF files, read as the Hugging Face directory that they were made of, so that nothing
 * behind the files knows of them.
 */
@NullMarked
package dev.w2s.model.gguf;

import org.jspecify.annotations.NullMarked;
