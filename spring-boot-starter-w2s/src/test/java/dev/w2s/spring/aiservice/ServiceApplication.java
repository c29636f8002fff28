// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.aiservice;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application of AI services, which knows nothing of guidance. */
@SpringBootApplication
public class ServiceApplication {}
