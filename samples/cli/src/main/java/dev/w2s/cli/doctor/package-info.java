// SPDX-License-Identifier: Apache-2.0
/** {@code w2s doctor}: whether a device computes what it should, and what each type costs there. */
@NullMarked
package dev.w2s.cli.doctor;

import org.jspecify.annotations.NullMarked;
