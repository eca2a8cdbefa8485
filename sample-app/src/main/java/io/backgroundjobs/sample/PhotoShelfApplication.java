package io.backgroundjobs.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Starts the photo shelf.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class PhotoShelfApplication {

	public static void main(String[] args) {
		SpringApplication.run(PhotoShelfApplication.class, args);
	}

}
