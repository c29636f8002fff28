// SPDX-License-Identifier: Apache-2.0
/** {@code w2s demo}: what guidance does, seen and measured on the embedded models. */
@NullMarked
package dev.w2s.cli.demo;

import org.jspecify.annotations.NullMarked;
