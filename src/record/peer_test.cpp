#include "record/peer.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace locksmith::record {
namespace {

constexpr std::string_view head =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n";

std::string line(const std::string& local, const std::string& remote, int uid,
                 const std::string& inode) {
  return "   0: " + local + " " + remote + " 01 00000000:00000000 00:00000000 00000000  " +
         std::to_string(uid) + "        0 " + inode + " 1 0\n";
}

TEST(OwnerInTable, FindsTheClientsEnd) {
  // 0x1F90 = 8080, 0xC001 = 49153
  const std::string own_end = line("0100007F:1F90", "0100007F:C001", 7, "5"),
                    client_end = line("0100007F:C001", "0100007F:1F90", 1000, "6");
  EXPECT_EQ(owner_in_table(std::string(head) + own_end + client_end, 49153, 8080), 1000u);
  EXPECT_FALSE(owner_in_table(std::string(head) + own_end, 49153, 8080));
}

TEST(OwnerInTable, AMappedAddressIsTheSame) {
  const std::string mapped = "0000000000000000FFFF00000100007F:";
  EXPECT_EQ(owner_in_table(line(mapped + "C001", mapped + "1F90", 3, "6"), 49153, 8080), 3u);
}

TEST(OwnerInTable, AClosedSocketHasNoOwner) {
  EXPECT_FALSE(owner_in_table(line("0100007F:C001", "0100007F:1F90", 0, "0"), 49153, 8080));
  EXPECT_FALSE(owner_in_table("garbage\n\n1 2 3", 1, 2));
}

TEST(PeerOwner, AConnectionOfThisProcessIsOurs) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(bind(server, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(server, 1), 0);
  getsockname(server, reinterpret_cast<sockaddr*>(&address), &size);
  ASSERT_EQ(connect(client, reinterpret_cast<sockaddr*>(&address), size), 0);
  sockaddr_in own{};
  getsockname(client, reinterpret_cast<sockaddr*>(&own), &size);
  EXPECT_EQ(peer_owner(ntohs(own.sin_port), ntohs(address.sin_port)), geteuid());
  close(client);
  close(server);
}

}  // namespace
}  // namespace locksmith::record
