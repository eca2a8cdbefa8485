package io.backgroundjobs.autoconfigure;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What can be set about the endpoint, beside what Boot offers for each one.
 *
 * @param showValues When to show messages of exceptions, notes and stacks.
 * @param roles Roles used to determine whether a user is authorized to be shown messages,
 * notes and stacks. When empty, all authenticated users are authorized.
 * @since 1.0.0
 */
@ConfigurationProperties("management.endpoint.backgroundjobs")
public record BackgroundJobsEndpointProperties(@DefaultValue("never") Show showValues,
		@DefaultValue Set<String> roles) {

	public BackgroundJobsEndpointProperties {
		roles = Set.copyOf(roles);
	}

}
