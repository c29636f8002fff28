// SPDX-License-Identifier: Apache-2.0
/** How beans that are models become guided ones. */
@NullMarked
package dev.w2s.spring.decoration;

import org.jspecify.annotations.NullMarked;
