// SPDX-License-Identifier: Apache-2.0
/**
 * Guidance from the properties of a Spring Boot application: the LangChain4j models that it has are
 * guided in place.
 */
@NullMarked
package dev.w2s.spring;

import org.jspecify.annotations.NullMarked;
