// SPDX-License-Identifier: Apache-2.0
/** What an application sets under {@code langchain4j.w2s}, and whether it can be. */
@NullMarked
package dev.w2s.spring.properties;

import org.jspecify.annotations.NullMarked;
