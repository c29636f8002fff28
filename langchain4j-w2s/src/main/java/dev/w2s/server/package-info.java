// SPDX-License-Identifier: Apache-2.0
/** Servers with an OpenAI-compatible API: addresses, requests, retries. */
@NullMarked
package dev.w2s.server;

import org.jspecify.annotations.NullMarked;
