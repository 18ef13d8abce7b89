package io.holdfast.zab.tls;

/** What a PEM file is for; the name is the last part of the setting that names the file. */
public enum TlsFile {
    /** The chain of this node's certificate, its own first. */
    CERTIFICATE("certificate"),
    /** The private key of this node's certificate. */
    KEY("key"),
    /** The certificates of the authorities that are trusted. */
    AUTHORITY("ca"),
    /** The lists of revoked certificates. */
    REVOCATION("crl");

    private final String setting;

    TlsFile(String setting) {
        this.setting = setting;
    }

    /** Returns the last part of the setting. */
    public String setting() {
        return setting;
    }
}
