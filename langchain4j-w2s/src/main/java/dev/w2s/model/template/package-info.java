// SPDX-License-Identifier: Apache-2.0
/**
 * Chat templates: Jinja through jinjava, with what Hugging Face transformers' templates need beside
 * it. Templates come with models and are not trusted: they see maps, lists, strings, numbers and
 * booleans, and nothing of Java. Public for {@code dev.w2s.model} alone.
 */
@NullMarked
package dev.w2s.model.template;

import org.jspecify.annotations.NullMarked;
