package io.holdfast.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object of a store that speaks S3. Whole files go up in one request, and of what comes down a buffer is in memory.
 * What a store has to know beyond reading, writing and deleting is left out: no checksums in trailers, no chunks.
 */
final class S3Place implements Place {

    /** More than one request may carry. */
    private static final long BYTES_MAX = 5L << 30;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** As long as a node sends a backup at most, unless told otherwise. */
    private static final Duration CALL = Duration.ofHours(1);

    private static final int PRECONDITION_FAILED = 412;
    private static final int CONFLICT = 409;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int NOT_FOUND = 404;
    private static final int NOTHING_THERE = 416;

    private final S3Client client;
    private final String bucket;
    private final String key;

    private S3Place(S3Client client, String bucket, String key) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
    }

    static S3Place open(String bucket, String key, S3Settings settings) {
        AwsCredentials credentials;
        try (DefaultCredentialsProvider chain =
                DefaultCredentialsProvider.builder().build()) {
            credentials = chain.resolveCredentials();
        } catch (SdkException e) {
            throw new IllegalArgumentException(
                    "no credentials for s3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another of the ways"
                            + " that the AWS tools know",
                    e);
        }
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(bounds -> bounds.apiCallTimeout(CALL))
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(settings.pathStyle())
                        .chunkedEncodingEnabled(false)
                        .build());
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        if (settings.region() != null) {
            builder.region(Region.of(settings.region()));
        }
        try {
            return new S3Place(builder.build(), bucket, key);
        } catch (SdkClientException e) {
            throw new IllegalArgumentException("no region for s3: set AWS_REGION, or --s3-region", e);
        }
    }

    @Override
    public String location() {
        return "s3://" + bucket + "/" + key;
    }

    @Override
    public boolean put(Path file) throws IOException {
        long bytes = file.toFile().length();
        if (bytes > BYTES_MAX) {
            throw new IOException("A store takes at most " + BYTES_MAX + " bytes in one request, and the backup has "
                    + bytes + ": write it to a file");
        }
        try {
            put(file, true);
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == CONFLICT) {
                return false;
            }
            if (e.statusCode() != NOT_IMPLEMENTED) {
                throw failed("stored", e);
            }
        } catch (SdkException e) {
            throw failed("stored", e);
        }
        return putAnyway(file);
    }

    /** The store knows no conditions: what is there would be replaced, so it is asked first. */
    private boolean putAnyway(Path file) throws IOException {
        if (head(1) != null) {
            return false;
        }
        try {
            put(file, false);
            return true;
        } catch (SdkException e) {
            throw failed("stored", e);
        }
    }

    private void put(Path file, boolean onlyNew) {
        client.putObject(
                request -> request.bucket(bucket)
                        .key(key)
                        .contentType("application/octet-stream")
                        .ifNoneMatch(onlyNew ? "*" : null),
                file);
    }

    @Override
    public boolean copyTo(OutputStream out) throws IOException {
        try (InputStream in = client.getObject(request().build())) {
            in.transferTo(out);
            return true;
        } catch (SdkException e) {
            if (isAbsent(e)) {
                return false;
            }
            throw failed("read", e);
        }
    }

    @Override
    public byte @Nullable [] head(int bytes) throws IOException {
        try (InputStream in =
                client.getObject(request().range("bytes=0-" + (bytes - 1)).build())) {
            return in.readNBytes(bytes);
        } catch (SdkException e) {
            if (isAbsent(e)) {
                return null;
            }
            if (e instanceof S3Exception answer && answer.statusCode() == NOTHING_THERE) {
                return new byte[0];
            }
            throw failed("read", e);
        }
    }

    @Override
    public void delete() throws IOException {
        try {
            client.deleteObject(request -> request.bucket(bucket).key(key));
        } catch (SdkException e) {
            if (!isAbsent(e)) {
                throw failed("deleted", e);
            }
        }
    }

    private GetObjectRequest.Builder request() {
        return GetObjectRequest.builder().bucket(bucket).key(key);
    }

    private static boolean isAbsent(SdkException e) {
        return e instanceof S3Exception answer
                && answer.statusCode() == NOT_FOUND
                && !code(answer).equals("NoSuchBucket");
    }

    /** Some answers have no document. */
    private static String code(S3Exception answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private IOException failed(String how, SdkException e) {
        String why = e instanceof S3Exception answer
                ? ("the store answered with " + answer.statusCode() + " " + code(answer)).strip() + remedy(answer)
                : "the store cannot be reached (" + rootOf(e) + ")";
        return new IOException(location() + " was not " + how + ": " + why, e);
    }

    private static String remedy(S3Exception answer) {
        return switch (code(answer)) {
            case "NoSuchBucket" -> ": make the bucket, or name another";
            case "AccessDenied" ->
                ": the credentials need the rights to put, get and delete objects, and to list the bucket, without"
                        + " which an object that is absent looks so, too";
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken" -> ": give other credentials";
            case "PermanentRedirect", "AuthorizationHeaderMalformed" ->
                ": give the bucket's region with --s3-region, or AWS_REGION";
            default -> "";
        };
    }

    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        for (int i = 0; i < 10 && root.getCause() != null; i++) {
            root = root.getCause();
        }
        String name = root.getClass().getSimpleName();
        return root.getMessage() == null ? name : name + ": " + root.getMessage();
    }

    @Override
    public void close() {
        client.close();
    }
}
