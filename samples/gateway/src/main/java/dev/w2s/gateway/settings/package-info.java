// SPDX-License-Identifier: Apache-2.0
/** What can be set. */
@NullMarked
package dev.w2s.gateway.settings;

import org.jspecify.annotations.NullMarked;
