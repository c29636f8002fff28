// SPDX-License-Identifier: Apache-2.0
/** HTTP: routes, streams, errors. */
@NullMarked
package dev.w2s.gateway.web;

import org.jspecify.annotations.NullMarked;
