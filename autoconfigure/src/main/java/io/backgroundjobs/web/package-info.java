/**
 * What Spring MVC and WebFlux need: rejected jobs as responses, shielded handlers.
 */
@NullMarked
package io.backgroundjobs.web;

import org.jspecify.annotations.NullMarked;
