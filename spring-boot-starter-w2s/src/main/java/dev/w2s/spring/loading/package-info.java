// SPDX-License-Identifier: Apache-2.0
/** Guides and local models: loaded once in the process, waited for, shared and freed. */
@NullMarked
package dev.w2s.spring.loading;

import org.jspecify.annotations.NullMarked;
