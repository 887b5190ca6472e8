# cmake --install BUILD --component rpc: rpc_core for find_package(sluice), which gives sluice::rpc, sluice::health,
# sluice::reflection, sluice::reflection_client, sluice::service_config, the plugin, and the functions sluice_rpc() and sluice_protobuf().
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(headers ${CMAKE_INSTALL_INCLUDEDIR}/sluice)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/sluice)

set_target_properties(rpc_services_health PROPERTIES EXPORT_NAME health)
set_target_properties(rpc_services_reflection PROPERTIES EXPORT_NAME reflection)
set_target_properties(rpc_services_reflection_client PROPERTIES EXPORT_NAME reflection_client)
set_target_properties(rpc_service_config PROPERTIES EXPORT_NAME service_config)
install(
  TARGETS rpc rpc_base rpc_wire rpc_transport rpc_http2 rpc_call rpc_interceptor rpc_typed rpc_naming rpc_client rpc_service_config rpc_server
          rpc_health_proto rpc_health_proto_messages rpc_services_health
          rpc_reflection_proto rpc_services_reflection rpc_services_reflection_client
          protoc-gen-sluice
  EXPORT sluice
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT rpc
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/sluice COMPONENT rpc
  FILE_SET HEADERS DESTINATION ${headers} COMPONENT rpc
  INCLUDES DESTINATION ${headers})
foreach(library rpc_health_proto rpc_reflection_proto)
  install(DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/services/${library}.out/
          DESTINATION ${headers} COMPONENT rpc FILES_MATCHING PATTERN "*.h")
endforeach()
install(DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/services/rpc_health_proto_messages.out/
        DESTINATION ${headers} COMPONENT rpc FILES_MATCHING PATTERN "*.h")

write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/sluiceConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT sluice FILE sluiceTargets.cmake NAMESPACE sluice:: DESTINATION ${package} COMPONENT rpc)
install(
  FILES ${CMAKE_CURRENT_LIST_DIR}/sluiceConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/sluiceConfigVersion.cmake
        ${CMAKE_CURRENT_SOURCE_DIR}/codegen/SluiceProtobuf.cmake ${CMAKE_CURRENT_SOURCE_DIR}/codegen/SluiceRpc.cmake
  DESTINATION ${package} COMPONENT rpc)
