// SPDX-License-Identifier: Apache-2.0
/** Whether guided answers are kinder. */
@NullMarked
package dev.w2s.console.measure;

import org.jspecify.annotations.NullMarked;
