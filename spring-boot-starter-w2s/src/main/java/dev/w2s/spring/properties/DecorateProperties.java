// SPDX-License-Identifier: Apache-2.0
package dev.w2s.spring.properties;

import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which beans are guided.
 *
 * @param include Names of the beans that are guided, with * for any letters. By default all models.
 * @param exclude Names of beans that are not, though included, with * for any letters.
 */
public record DecorateProperties(
    @DefaultValue("*") List<String> include, @DefaultValue List<String> exclude) {}
