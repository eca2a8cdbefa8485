package io.backgroundjobs.sample;

import java.net.URI;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who is told about photos, below {@code photos.webhook}.
 *
 * @param url where notifications are posted; without, there are none
 */
@ConfigurationProperties("photos.webhook")
record WebhookProperties(@Nullable URI url) {
}
