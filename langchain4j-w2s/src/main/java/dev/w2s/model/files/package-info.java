// SPDX-License-Identifier: Apache-2.0
/**
 * Not API, but for {@link dev.w2s.model.files.InvalidModelException}: what lies on disk, read and
 * checked before anything of it is trusted.
 */
@NullMarked
package dev.w2s.model.files;

import org.jspecify.annotations.NullMarked;
