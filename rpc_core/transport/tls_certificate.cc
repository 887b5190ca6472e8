// Reads certificates: who one is for, as values and as text.
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>
#include <string_view>

#include "rpc_core/transport/tls_impl.h"

namespace sluice::rpc {
namespace {

std::string_view text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(address) != 16) return "?";
  ::inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size());
  return text.data();
}

// Empty for the kinds of names that nobody uses for a peer.
std::string name_text(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS:
      return "DNS:" + std::string(text_of(name.d.dNSName));
    case GEN_URI:
      return "URI:" + std::string(text_of(name.d.uniformResourceIdentifier));
    case GEN_EMAIL:
      return "email:" + std::string(text_of(name.d.rfc822Name));
    case GEN_IPADD:
      return "IP:" + address_text(name.d.iPAddress);
    default:
      return "";
  }
}

std::string subject_text(X509* certificate) {
  const BioPtr text(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

PeerIdentity identity_of(X509* certificate) {
  PeerIdentity identity;
  identity.subject = subject_text(certificate);
  auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    std::string name = name_text(*sk_GENERAL_NAME_value(names, i));
    if (!name.empty()) identity.names.push_back(std::move(name));
  }
  GENERAL_NAMES_free(names);
  return identity;
}

std::string describe(const PeerIdentity& identity) {
  std::string names;
  for (const std::string& name : identity.names) names += (names.empty() ? "" : ", ") + name;
  if (identity.subject.empty()) return names.empty() ? "nobody" : names;
  return names.empty() ? identity.subject : identity.subject + " (" + names + ")";
}

std::string take_openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "no reason given";
}

}  // namespace sluice::rpc
