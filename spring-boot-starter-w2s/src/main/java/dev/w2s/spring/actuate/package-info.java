// SPDX-License-Identifier: Apache-2.0
/** What Spring Boot's actuator tells of guidance, and lets switch. */
@NullMarked
package dev.w2s.spring.actuate;

import org.jspecify.annotations.NullMarked;
