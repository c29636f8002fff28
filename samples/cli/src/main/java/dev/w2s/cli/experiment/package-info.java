// SPDX-License-Identifier: Apache-2.0
/**
 * {@code w2s experiment}: does guidance help, how much, at what cost, does it hurt?
 *
 * <p>A YAML file ({@code file}) says what is to be done ({@code plan}): methods ({@code method})
 * answer prompts, judges ({@code judge}) read the answers. Both are run ({@code run}) into a folder
 * of samples, of which figures and intervals ({@code measure}) make a report ({@code report}).
 */
@NullMarked
package dev.w2s.cli.experiment;

import org.jspecify.annotations.NullMarked;
